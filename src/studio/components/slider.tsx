// A number within bounds, by dragging or by the arrow keys.

import { type ReactNode, useLayoutEffect, useRef } from "react";
import { Slider as AriaSlider, Label, SliderOutput, SliderThumb, SliderTrack } from "react-aria-components";

export interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly step: number;
  /** The value in words, shown and read aloud. Default: its digits. */
  readonly textOf?: (value: number) => string;
  readonly onChange: (value: number) => void;
}

export function Slider({ label, value, least, most, step, textOf = String, onChange }: SliderProps): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  const words = textOf(value);
  // The component under it says numbers only; what it wrote is written over after each of its renderings.
  useLayoutEffect(() => input.current?.setAttribute("aria-valuetext", words));
  return (
    <AriaSlider
      className="slider"
      value={value}
      minValue={least}
      maxValue={most}
      step={step}
      onChange={(given) => onChange(Array.isArray(given) ? given[0]! : given)}
    >
      <Label className="select-label">{label}</Label>
      <SliderOutput className="slider-value">{words}</SliderOutput>
      <SliderTrack className="slider-track">
        <SliderThumb className="slider-thumb" inputRef={input} />
      </SliderTrack>
    </AriaSlider>
  );
}
