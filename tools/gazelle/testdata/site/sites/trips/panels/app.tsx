import sun from "./sun.svg?url";

export const App = () => <img src={sun} />;
