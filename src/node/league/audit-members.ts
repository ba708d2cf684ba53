// Audits organisms blind: each is opened, reduced to the allow-list under its random id, shown to the auditor, and closed again.

import type { Episodes, Policy } from "../../core/agents/policy.ts";
import { playEpisodes } from "../../core/agents/rollout.ts";
import { MesascopeError } from "../../core/base/errors.ts";
import { Prng } from "../../core/base/prng.ts";
import type { Engine } from "../../core/engine/engine.ts";
import type { Subject } from "../../core/instruments/subject.ts";
import { type LeagueAuditor, notRun, requireAnswer, type SubjectAudit } from "../../core/league/league-auditor.ts";
import { type OpenTarget, openTarget } from "../audit/audit-target.ts";
import type { LeagueJob, LeagueNote } from "./league-messages.ts";

export interface MembersAudit {
  readonly auditor: LeagueAuditor;
  readonly job: LeagueJob;
  /** Made when the first model is opened. */
  readonly engine: () => Promise<Engine>;
  readonly signal: AbortSignal;
  readonly tell: (note: LeagueNote) => void;
}

/**
 * Prepares the setting of the first member and audits every member. A setting that the auditor says (`usage`) it cannot audit gets answers
 * that claim nothing. What is drawn depends on seed, auditor, budget, setting and id alone, not on how members are dealt out to threads.
 * Throws the signal's reason between two members, `invalid-data` for what is no answer, `check-failed` for an auditor from
 * outside that throws, and as our auditors and policies do.
 */
export async function auditMembers({ auditor, job, engine, signal, tell }: MembersAudit): Promise<void> {
  const own = Prng.fromSeed(job.seed).fork(JSON.stringify([auditor.name, job.levels, job.setting]));
  let audit: SubjectAudit | null = null;
  let opened: Promise<Engine> | null = null;
  const sharedEngine = () => {
    opened ??= engine();
    return opened;
  };
  for (const { id, target } of job.members) {
    signal.throwIfAborted();
    const open = await openTarget(target, {
      engine: sharedEngine,
      audit: { levels: job.levels, seed: job.seed },
      signal,
      onNote: () => {},
      onAnswered: () => {},
    });
    try {
      const subject = blindSubject(open.subject, id);
      if (audit === null) {
        const started = performance.now();
        audit = await prepare({ auditor, job, subject, prng: own.fork("setting") });
        tell({ kind: "prepared", seconds: (performance.now() - started) / 1000 });
      }
      const answer = requireAnswer(await answerOf(audit, { auditor, job, subject, prng: own.fork(id) }), {
        auditor: auditor.name,
        subject: id,
      });
      tell({ kind: "answer", id, answer });
    } finally {
      await open.release();
    }
  }
}

async function answerOf(audit: SubjectAudit, { auditor, job, subject, prng }: Preparation): Promise<unknown> {
  try {
    return await audit(subject, prng);
  } catch (error) {
    throw blamed(error, { auditor, job, doing: `auditing ${subject.id}` });
  }
}

/** What an auditor from outside threw as an error that names it; errors of ours and of policies as they are. */
function blamed(error: unknown, { auditor, job, doing }: Pick<MembersAudit, "auditor" | "job"> & { readonly doing: string }) {
  if (job.source.kind === "own" || error instanceof MesascopeError) return error;
  const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new MesascopeError(
    "check-failed",
    `auditor "${auditor.name}" of ${job.source.path} threw while ${doing} (${why}); what was answered before is kept. Mend it, and run the league with another --out.`,
    { cause: error },
  );
}

interface Preparation extends Pick<MembersAudit, "auditor" | "job"> {
  readonly subject: Subject;
  readonly prng: Prng;
}

async function prepare({ auditor, job, subject, prng }: Preparation): Promise<SubjectAudit> {
  const { world, encoder } = subject;
  try {
    return await auditor.prepare({
      world,
      encoder,
      budget: { levels: job.levels },
      composition: job.composition,
      prng,
      clock: () => performance.now(),
      play: (episodes) => playEpisodes({ world, encoder, ...episodes }),
    });
  } catch (error) {
    // An entry from outside cannot make a MesascopeError: its code is what counts.
    if (!(error instanceof Error && "code" in error && error.code === "usage")) {
      throw blamed(error, { auditor, job, doing: `preparing at ${job.levels} levels` });
    }
    return async () => notRun(error.message);
  }
}

/**
 * The allow-list of a subject, nothing else within reach: new objects, the id that was drawn for it, and a policy of which nothing but its
 * answers can be found out (the text of a scripted agent's functions would tell what it goes for).
 */
export function blindSubject({ world, encoder, policy }: OpenTarget["subject"], id: string): Subject {
  return { id, world, encoder, policy: answersOnly(policy) };
}

function answersOnly(policy: Policy): Policy {
  const { inputSize, actionCount, memory, answers } = policy;
  const begin = (count: number): Episodes => {
    const episodes = policy.begin(count);
    return { probabilities: (step) => episodes.probabilities(step) };
  };
  return { inputSize, actionCount, memory, ...(answers === undefined ? {} : { answers }), begin };
}
