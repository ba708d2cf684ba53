// TensorBoard's event files: TFRecord framing around Event messages (tensorboard/compat/proto/{event,summary}.proto and
// plugins/hparams/plugin_data.proto, whose field numbers stand here). Only what a run of ours has: scalars and hyper-parameters.

import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import type { ConfigValue } from "../../../lab/flatten-recipe.ts";
import { maskedCrc32c } from "./crc32c.ts";

/** When something happened: steps of the environment, and seconds since 1970. */
export interface EventTime {
  readonly step: number;
  readonly wallTime: number;
}

export interface Hyperparameters {
  readonly values: ReadonlyMap<string, ConfigValue>;
  /** Runs of one group are shown as one, averaged. */
  readonly group: string;
}

/** The event that every file begins with. */
export function fileVersionEvent(wallTime: number): Uint8Array {
  return record(eventAt({ step: 0, wallTime }).tag(3, WireType.LengthDelimited).string("brain.Event:2"));
}

/** Values by tag, kept as 32-bit floats. */
export function scalarsEvent(time: EventTime, scalars: ReadonlyMap<string, number>): Uint8Array {
  const event = eventAt(time).tag(5, WireType.LengthDelimited).fork();
  for (const [tag, value] of scalars) {
    event.tag(1, WireType.LengthDelimited).fork();
    event.tag(1, WireType.LengthDelimited).string(tag).tag(2, WireType.Bit32).float(Math.fround(value));
    event.join();
  }
  return record(event.join());
}

/** What the run was started with. */
export function sessionStartEvent(wallTime: number, { values, group }: Hyperparameters): Uint8Array {
  const start = new BinaryWriter();
  for (const [name, value] of values) {
    start.tag(1, WireType.LengthDelimited).fork();
    start.tag(1, WireType.LengthDelimited).string(name).tag(2, WireType.LengthDelimited).fork();
    writeValue(start, value);
    start.join().join();
  }
  start.tag(4, WireType.LengthDelimited).string(group).tag(5, WireType.Bit64).double(wallTime);
  return record(hparamsEvent({ wallTime, tag: "_hparams_/session_start_info", field: 3, message: start.finish() }));
}

/** That it ended well, and when. */
export function sessionEndEvent(wallTime: number): Uint8Array {
  const success = 1;
  const end = new BinaryWriter().tag(1, WireType.Varint).int32(success).tag(2, WireType.Bit64).double(wallTime).finish();
  return record(hparamsEvent({ wallTime, tag: "_hparams_/session_end_info", field: 4, message: end }));
}

/** google.protobuf.Value */
function writeValue(writer: BinaryWriter, value: ConfigValue): void {
  if (typeof value === "number") writer.tag(2, WireType.Bit64).double(value);
  else if (typeof value === "string") writer.tag(3, WireType.LengthDelimited).string(value);
  else writer.tag(4, WireType.Varint).bool(value);
}

interface PluginSummary {
  readonly wallTime: number;
  readonly tag: string;
  /** Of HParamsPluginData. */
  readonly field: number;
  readonly message: Uint8Array;
}

/** A summary whose metadata carries HParamsPluginData (version 0, the default) and whose value is an empty tensor. */
function hparamsEvent({ wallTime, tag, field, message }: PluginSummary): BinaryWriter {
  const content = new BinaryWriter().tag(field, WireType.LengthDelimited).bytes(message).finish();
  const event = eventAt({ step: 0, wallTime }).tag(5, WireType.LengthDelimited).fork().tag(1, WireType.LengthDelimited).fork();
  event.tag(1, WireType.LengthDelimited).string(tag);
  writeEmptyTensor(event.tag(8, WireType.LengthDelimited).fork()).join();
  const metadata = event.tag(9, WireType.LengthDelimited).fork();
  metadata.tag(1, WireType.LengthDelimited).fork();
  metadata.tag(1, WireType.LengthDelimited).string("hparams").tag(2, WireType.LengthDelimited).bytes(content).join();
  const tensorClass = 2;
  metadata.tag(4, WireType.Varint).int32(tensorClass).join();
  return event.join().join();
}

/** TensorProto of 32-bit floats with the shape [0]. */
function writeEmptyTensor(writer: BinaryWriter): BinaryWriter {
  const float = 1;
  writer.tag(1, WireType.Varint).int32(float).tag(2, WireType.LengthDelimited).fork();
  return writer.tag(2, WireType.LengthDelimited).fork().tag(1, WireType.Varint).int64(0).join().join();
}

/** Step 0, the default, is left out, as every writer of protocol buffers does. */
function eventAt({ step, wallTime }: EventTime): BinaryWriter {
  const event = new BinaryWriter().tag(1, WireType.Bit64).double(wallTime);
  return step === 0 ? event : event.tag(2, WireType.Varint).int64(step);
}

/** TFRecord: length (64 bits), its masked CRC, the data, its masked CRC; all little-endian. */
function record(event: BinaryWriter): Uint8Array {
  const body = event.finish();
  const framed = new Uint8Array(8 + 4 + body.length + 4);
  const view = new DataView(framed.buffer);
  view.setBigUint64(0, BigInt(body.length), true);
  view.setUint32(8, maskedCrc32c(framed.subarray(0, 8)), true);
  framed.set(body, 12);
  view.setUint32(12 + body.length, maskedCrc32c(body), true);
  return framed;
}
