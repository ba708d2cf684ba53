// mesascope studio: the studio without a lab's server. "build" makes a static site of it.

import { Command } from "commander";
import type { StaticSiteOptions } from "../../node/site/static-site.ts";
import { type CommonOptions, type Context, describeCommand, printJson } from "../command.ts";
import { prose } from "../fit-text.ts";
import { quoted } from "../format.ts";
import { ofThisProcess } from "../lab-options.ts";

interface BuildOptions extends CommonOptions {
  readonly out: string;
  readonly base?: string;
  readonly lab?: string;
}

export function studioCommand(context: Context): Command {
  return new Command("studio")
    .summary("make a static site of the studio")
    .description(
      'The studio is the web app that "mesascope serve" hands out with a lab behind it. What needs no lab also runs from files alone.',
    )
    .enablePositionalOptions()
    .addHelpText("after", "\nExamples:\n  $ mesascope studio build\n  $ mesascope studio build --out site --base /studio/\n")
    .addCommand(buildCommand(context));
}

function buildCommand({ terminal }: Context): Command {
  return describeCommand({
    name: "build",
    summary: "write the studio as files that any file server hands out",
    description:
      "Writes the studio with its recorded runs as a static site: what can run in a browser does, and pages that need a lab are left out. It opens\n" +
      "from any file server, at its root or below it, not from disk. The engine has one thread in a page unless the server sends the headers of\n" +
      "isolation (Cross-Origin-Opener-Policy: same-origin, Cross-Origin-Embedder-Policy: require-corp); the page says which it is.",
    seed: "without effect: nothing is drawn",
    examples: ["studio build", "studio build --out site --base /studio/", "studio build --lab mesascope-lab"],
  })
    .option("--out <dir>", "a new or empty folder, or one that this command wrote before", "mesascope-studio")
    .option(
      "--base <path>",
      "where the site will lie, such as /studio/; then a 404.html is written too (default: it may lie anywhere, for servers that lead folders to their index.html)",
    )
    .option("--lab <dir>", "a lab whose leagues the site shows, recorded (default: none)")
    .action(async ({ out, base, lab, json }: BuildOptions) => {
      const { buildStaticSite } = await import("../../node/site/static-site.ts");
      const leagues = lab === undefined ? { names: [], files: [] } : await leaguesOf(lab);
      const site = await buildStaticSite({ out, base: base ?? null, leagues });
      if (json) return printJson(terminal, { schema: "mesascope/studio-site@1", ...site, base: base ?? null });
      const text =
        `The studio lies in ${site.folder} (${site.files} files, ${(site.bytes / 1e6).toFixed(1)} MB). ` +
        `Any file server hands it out, such as: python3 -m http.server --directory ${quoted(site.folder)}`;
      terminal.out.write(prose(`${text}\n`, { channel: terminal.out }));
    });
}

async function leaguesOf(lab: string): Promise<StaticSiteOptions["leagues"]> {
  const { requireLabFolder } = await import("../../node/server/lab-at-hand.ts");
  const { openStore } = await import("../../node/lab/store/open-store.ts");
  const { recordedLeagues } = await import("../../node/site/recorded-leagues.ts");
  return await recordedLeagues(await openStore(await requireLabFolder({ lab }, ofThisProcess())));
}
