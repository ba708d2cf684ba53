// The axes of a world's shift space: moved along one, the level is drawn anew there; a cue is moved on the level as it is.

import type { ReactNode } from "react";
import type { ShiftAxis, ShiftPoint, World } from "../../../core/worlds/world.ts";
import { Select } from "../../components/select.tsx";
import { Slider } from "../../components/slider.tsx";

interface AxisControlsProps {
  readonly world: World;
  readonly point: ShiftPoint;
  readonly onMove: (moved: ShiftPoint) => void;
}

/** Steps of a mixture's slider. */
const shareStep = 0.05;

export function AxisControls({ world, point, onMove }: AxisControlsProps): ReactNode {
  const cues = new Set(world.cues.map(({ name }) => name));
  return (
    <div className="editor-axes">
      {world.axes.map((axis) => (
        <div key={axis.name} className="editor-axis">
          <AxisControl axis={axis} value={point[axis.name] ?? axis.training} onMove={(value) => onMove({ [axis.name]: value })} />
          <p className="field-hint">
            {axis.meaning}
            {cues.has(axis.name) && "; seen, not touched"}
          </p>
        </div>
      ))}
    </div>
  );
}

interface AxisControlProps {
  readonly axis: ShiftAxis;
  readonly value: number | string;
  readonly onMove: (value: number | string) => void;
}

function AxisControl({ axis, value, onMove }: AxisControlProps): ReactNode {
  if (axis.isMixture)
    return <Slider label={axis.name} value={Number(value)} least={0} most={1} step={shareStep} onChange={onMove} />;
  const numbers = axis.values.filter((each) => typeof each === "number");
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  const isEven = numbers.length === axis.values.length && numbers.length > 2 && most - least === numbers.length - 1;
  if (isEven) return <Slider label={axis.name} value={Number(value)} least={least} most={most} step={1} onChange={onMove} />;
  const words = (each: number | string) =>
    each === axis.training && each !== "training" ? `${each} (as in training)` : String(each);
  return (
    <Select
      label={axis.name}
      value={String(value)}
      choices={axis.values.map((each) => ({ value: String(each), label: words(each) }))}
      onChange={(chosen) => onMove(axis.values.find((each) => String(each) === chosen)!)}
    />
  );
}
