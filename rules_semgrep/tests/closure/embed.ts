eval('embed');
