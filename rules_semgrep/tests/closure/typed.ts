eval('typed');
