import "@fontsource-variable/inter/wght.css";
import "maplibre-gl/dist/maplibre-gl.css";
import "#lib/web/tokens.css";
import "#lib/web/base.css";
import "#lib/web/shell.css";
import "#lib/web/states.css";
import "./trips.css";
import "./panels/panel.css";
import "./panels/player-bar.css";
import "./panels/pictures.css";
import "./map/markers.css";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { registerOffline } from "./offline/register.ts";

createRoot(document.getElementById("root")!).render(<App />);
registerOffline();
