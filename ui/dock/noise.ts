const NOISE_CHARACTERS = 4096
const CONTROL_CHARACTERS = 32

/** 脏码: every control character in turn, among them the ends of line a scanner would end a code with. */
export function controlNoise(): string {
  return Array.from({ length: NOISE_CHARACTERS }, (_, at) =>
    String.fromCharCode(at % CONTROL_CHARACTERS),
  ).join('')
}
