// The entry of the ready-made bundle, for pages without a bundler: everything of "mesascope" and "mesascope/browser".

export * from "../core/index.ts";
export * from "./index.ts";
