import "@fontsource-variable/inter/wght.css";
import "#lib/web/tokens.css";
import "#lib/web/base.css";
import "#lib/web/states.css";
import "./console.css";
import "./header.css";
import "./cloudflare.css";
import "./ask.css";
import "./deployments.css";
import "./happenings.css";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";

createRoot(document.getElementById("root")!).render(<App />);
