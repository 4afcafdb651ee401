eval('tool');
