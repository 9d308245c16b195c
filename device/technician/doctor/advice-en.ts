import { HEALTH_ADVICE } from './advice-health-en.ts'
import { MACHINE_ADVICE } from './advice-machine-en.ts'
import { PORT_ADVICE } from './advice-ports-en.ts'
import { PRINTING_ADVICE } from './advice-printing-en.ts'
import type { Words } from './words.ts'

export const ADVICE: Words['advice'] = {
  ...MACHINE_ADVICE,
  ...PORT_ADVICE,
  ...PRINTING_ADVICE,
  ...HEALTH_ADVICE,
}
