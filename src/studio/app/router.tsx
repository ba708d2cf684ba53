// The routes, each with the schema of what its page keeps in the address. Pages are loaded when they are first shown.

import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
  stripSearchParams,
} from "@tanstack/react-router";
import type { ReactNode } from "react";
import { auditSearchDefaults, auditSearchSchema } from "../pages/audit/audit-search.ts";
import { recordedAgentOf } from "../pages/audit/recorded-key.ts";
import { compareSearchDefaults, compareSearchSchema } from "../pages/compare/compare-search.ts";
import { editorSearchDefaults, editorSearchSchema } from "../pages/editor/editor-search.ts";
import { episodeSearchDefaults, episodeSearchSchema } from "../pages/episode/episode-search.ts";
import { homeSearchDefaults, homeSearchSchema } from "../pages/home/home-search.ts";
import { leagueSearchDefaults, leagueSearchSchema } from "../pages/league/league-search.ts";
import { runSearchDefaults, runSearchSchema } from "../pages/run/run-search.ts";
import { runsSearchDefaults, runsSearchSchema } from "../pages/runs/runs-search.ts";
import { PageFailed, PageMissing } from "./page-states.tsx";
import { loadScript } from "./script-missing.ts";
import { parseSearchText, searchText } from "./search-text.ts";
import { Shell } from "./shell.tsx";
import { site } from "./site.ts";

const root = createRootRoute({ component: Shell, notFoundComponent: PageMissing });

/** One that does not come is told by `PageFailed`: the router would load everything anew at once, also from a server that does not answer. */
function lazyPage<Module extends Record<string, () => ReactNode>, Name extends keyof Module>(
  load: () => Promise<Module>,
  name: Name,
) {
  return lazyRouteComponent<Module, Name>(() => loadScript(load), name);
}

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  validateSearch: homeSearchSchema,
  search: { middlewares: [stripSearchParams(homeSearchDefaults)] },
  component: lazyPage(() => import("../pages/home/home-page.tsx"), "HomePage"),
});

const runs = createRoute({
  getParentRoute: () => root,
  path: "/runs",
  validateSearch: runsSearchSchema,
  search: { middlewares: [stripSearchParams(runsSearchDefaults)] },
  staticData: { needsLab: true },
  component: lazyPage(() => import("../pages/runs/runs-page.tsx"), "RunsPage"),
});

const run = createRoute({
  getParentRoute: () => root,
  path: "/runs/$key",
  validateSearch: runSearchSchema,
  search: { middlewares: [stripSearchParams(runSearchDefaults)] },
  staticData: { needsLab: true },
  component: lazyPage(() => import("../pages/run/run-page.tsx"), "RunPage"),
});

// What is left of an audit's address without its key: the table of a lab's audits, or on a static site the page that leads to the recorded ones.
const audits = createRoute({
  getParentRoute: () => root,
  path: "/audits",
  beforeLoad: () => {
    throw site.isStatic ? redirect({ to: "/" }) : redirect({ to: "/runs", search: { kind: "audit" } });
  },
});

const audit = createRoute({
  getParentRoute: () => root,
  path: "/audits/$key",
  validateSearch: auditSearchSchema,
  search: { middlewares: [stripSearchParams(auditSearchDefaults)] },
  // Those of the first page's agents are recorded with the studio.
  staticData: { needsLab: ({ key }) => key === undefined || recordedAgentOf(key) === null },
  component: lazyPage(() => import("../pages/audit/audit-page.tsx"), "AuditPage"),
});

const compare = createRoute({
  getParentRoute: () => root,
  path: "/compare",
  validateSearch: compareSearchSchema,
  search: { middlewares: [stripSearchParams(compareSearchDefaults)] },
  staticData: { needsLab: true },
  component: lazyPage(() => import("../pages/compare/compare-page.tsx"), "ComparePage"),
});

const episode = createRoute({
  getParentRoute: () => root,
  path: "/episode",
  validateSearch: episodeSearchSchema,
  search: { middlewares: [stripSearchParams(episodeSearchDefaults)] },
  component: lazyPage(() => import("../pages/episode/episode-page.tsx"), "EpisodePage"),
});

const editor = createRoute({
  getParentRoute: () => root,
  path: "/editor",
  validateSearch: editorSearchSchema,
  search: { middlewares: [stripSearchParams(editorSearchDefaults)] },
  component: lazyPage(() => import("../pages/editor/editor-page.tsx"), "EditorPage"),
});

// A static site may bring leagues along.
const leaguesNeed = { needsLab: !site.hasLeagues };

const leagues = createRoute({
  getParentRoute: () => root,
  path: "/league",
  staticData: leaguesNeed,
  component: lazyPage(() => import("../pages/league/leagues-page.tsx"), "LeaguesPage"),
});

const league = createRoute({
  getParentRoute: () => root,
  path: "/league/$name",
  validateSearch: leagueSearchSchema,
  search: { middlewares: [stripSearchParams(leagueSearchDefaults)] },
  staticData: leaguesNeed,
  component: lazyPage(() => import("../pages/league/league-page.tsx"), "LeaguePage"),
});

export const router = createRouter({
  routeTree: root.addChildren([home, runs, run, audits, audit, compare, episode, editor, leagues, league]),
  basepath: site.root.pathname,
  parseSearch: parseSearchText,
  stringifySearch: searchText,
  // What a page has no field for is taken out of the address, and told by RefusedSearch.
  search: { strict: true },
  defaultErrorComponent: PageFailed,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
  interface StaticDataRouteOption {
    /** Whether the page is shown only where a lab answers. */
    readonly needsLab?: boolean | ((params: Readonly<Record<string, string | undefined>>) => boolean);
  }
}
