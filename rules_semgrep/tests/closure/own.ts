eval('own');
