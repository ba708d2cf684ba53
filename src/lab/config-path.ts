// Fields of recipes as filters and groups name them: `config.` and a path, such as config.optimizer.learningRate.

export type ConfigField = `config.${string}`;

const prefix = "config.";
const pathPart = /^([A-Za-z_][\w-]*|0|[1-9]\d{0,8})$/;
const mostParts = 12;

/** Whether it is meant as one; its path may be none. */
export function isConfigField(field: string): field is ConfigField {
  return field.startsWith(prefix);
}

/** The parts of its path; null for what is no path. */
export function configPath(field: ConfigField): readonly string[] | null {
  const path = field.slice(prefix.length).split(".");
  return path.length <= mostParts && path.every((part) => pathPart.test(part)) ? path : null;
}
