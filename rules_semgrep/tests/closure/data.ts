eval('data');
