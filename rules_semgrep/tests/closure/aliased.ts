eval('aliased');
