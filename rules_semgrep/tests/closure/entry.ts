eval('entry');
