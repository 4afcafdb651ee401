eval('dep');
