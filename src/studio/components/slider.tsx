// A number within bounds, by dragging or by the arrow keys.

import type { ReactNode } from "react";
import { Slider as AriaSlider, Label, SliderOutput, SliderThumb, SliderTrack } from "react-aria-components";

export interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly step: number;
  readonly onChange: (value: number) => void;
}

export function Slider({ label, value, least, most, step, onChange }: SliderProps): ReactNode {
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
      <SliderOutput className="slider-value" />
      <SliderTrack className="slider-track">
        <SliderThumb className="slider-thumb" />
      </SliderTrack>
    </AriaSlider>
  );
}
