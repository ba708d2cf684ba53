// The studio's entry: the stylesheet, the theme before anything is painted, and the app.

import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Connected } from "./app/connection.tsx";
import { router } from "./app/router.tsx";
import { applyTheme, storedTheme } from "./app/theme.ts";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/components.css";

applyTheme(storedTheme());
createRoot(document.getElementById("studio")!).render(
  <StrictMode>
    <Connected>
      <RouterProvider router={router} />
    </Connected>
  </StrictMode>,
);
