const a = <b>{findMe(1)}</b>;
