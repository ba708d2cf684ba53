// Options that say how an ONNX policy from elsewhere is called: what its inputs and outputs are, where names and shapes do not tell.

import { type Command, InvalidArgumentError } from "commander";
import { type InterfaceOptions, type OutputKind, outputKinds } from "../core/agents/onnx/onnx-policy-interface.ts";

export interface ModelOptions {
  readonly input?: string;
  readonly output?: { readonly kind: OutputKind; readonly name: string | null };
  readonly state?: readonly (readonly [string, string])[];
  readonly fill?: Readonly<Record<string, number>>;
}

/** The names of these options, as commander keeps them. */
export const modelOptionNames = ["input", "output", "state", "fill"] as const;

/** Whether an argument names an ONNX file rather than an agent's folder. */
export function isModelFile(argument: string): boolean {
  return /\.onnx$/i.test(argument);
}

export function addModelOptions(command: Command): Command {
  return command
    .option(
      "--input <observation=name>",
      "of an ONNX file: the input for the observation (default: the one that fits)",
      parseInput,
    )
    .option(
      "--output <kind[=name]>",
      `of an ONNX file: what it gives: ${outputKinds.join(", ")} (default: found out)`,
      parseOutput,
    )
    .option("--state <in=out>", "of an ONNX file: an output that is the next step's input; may be given again", addState)
    .option("--fill <input=number>", "of an ONNX file: an input that always holds this number; may be given again", addFill);
}

/** What was said, as the importer takes it. */
export function interfaceOptions({ input, output, state, fill }: ModelOptions): InterfaceOptions {
  return {
    ...(input === undefined ? {} : { observation: input }),
    ...(output === undefined ? {} : { outputKind: output.kind }),
    ...(output?.name == null ? {} : { output: output.name }),
    ...(state === undefined ? {} : { states: state }),
    ...(fill === undefined ? {} : { fills: fill }),
  };
}

/** The same as words of a command line, for reports. */
export function typedModelOptions({
  observation,
  outputKind,
  output,
  states = [],
  fills = {},
}: InterfaceOptions): readonly string[] {
  return [
    ...(observation === undefined ? [] : ["--input", `observation=${observation}`]),
    ...(outputKind === undefined ? [] : ["--output", `${outputKind}${output === undefined ? "" : `=${output}`}`]),
    ...states.flatMap(([before, after]) => ["--state", `${before}=${after}`]),
    ...Object.entries(fills).flatMap(([name, value]) => ["--fill", `${name}=${value}`]),
  ];
}

function parseInput(text: string): string {
  const name = /^observation=(.+)$/s.exec(text)?.[1];
  if (name === undefined) throw new InvalidArgumentError("Expected observation=NAME, such as observation=obs.");
  return name;
}

function parseOutput(text: string): NonNullable<ModelOptions["output"]> {
  const [, word, name = null] = /^([^=]*)(?:=(.+))?$/s.exec(text) ?? [];
  const kind = outputKinds.find((known) => known === word);
  if (kind !== undefined) return { kind, name };
  throw new InvalidArgumentError(`Expected KIND or KIND=NAME, KIND one of ${outputKinds.join(", ")}, such as logits=policy.`);
}

function addState(text: string, before: readonly (readonly [string, string])[] = []): readonly (readonly [string, string])[] {
  const [, input, output] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (input === undefined || output === undefined) throw new InvalidArgumentError("Expected INPUT=OUTPUT, such as h_in=h_out.");
  return [...before, [input, output]];
}

function addFill(text: string, before: Readonly<Record<string, number>> = {}): Readonly<Record<string, number>> {
  const [, input, value] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (input === undefined || !Number.isFinite(Number(value))) {
    throw new InvalidArgumentError("Expected INPUT=NUMBER, such as seq_lens=1.");
  }
  return { ...before, [input]: Number(value) };
}
