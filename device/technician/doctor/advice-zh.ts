import { HEALTH_ADVICE } from './advice-health-zh.ts'
import { MACHINE_ADVICE } from './advice-machine-zh.ts'
import { PORT_ADVICE } from './advice-ports-zh.ts'
import { PRINTING_ADVICE } from './advice-printing-zh.ts'
import type { Words } from './words.ts'

export const ADVICE: Words['advice'] = {
  ...MACHINE_ADVICE,
  ...PORT_ADVICE,
  ...PRINTING_ADVICE,
  ...HEALTH_ADVICE,
}
