import "@fontsource-variable/inter/index.css";
import "#lib/web/tokens.css";
import "./style.css";
import { createRoot } from "react-dom/client";
import { App } from "./panels/app.tsx";

createRoot(document.body).render(<App />);
