// What a world looks like, as data: SVG, canvas and the terminal draw the same list. Every shape has a glyph and a label: never color alone.

/** What a shape stands for; renderers choose color and pattern by role, and each role has its own outline. */
export type ShapeRole = "floor" | "wall" | "hazard" | "goal" | "proxy" | "player" | "cue";

/** A shape in cell units, origin top left. `goal` items are what the base objective rewards, `proxy` items coincide with them in training. */
export interface Shape {
  readonly role: ShapeRole;
  readonly outline: "square" | "circle" | "capsule" | "triangle" | "cross" | "lamp";
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** One character for terminals and for readers without color. */
  readonly glyph: string;
  /** For screen readers: `coin at column 3, row 2`. */
  readonly label: string;
}

/** `fixed` shapes stay for the whole episode, `moving` ones (items left, player) belong to one state. Drawn in order. */
export interface DisplayList {
  readonly columns: number;
  readonly rows: number;
  readonly fixed: readonly Shape[];
  readonly moving: readonly Shape[];
  /** Short texts beside the board: `lamp: training`, `time left: 12`. */
  readonly captions: readonly string[];
}
