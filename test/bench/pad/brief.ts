/** Loaded before a pad's own program (`--import`): whoever is measured next does not wait for the thanks before. */
import { letThanksBeBrief } from '../../device/support/brief-thanks.ts'

/** Long enough to be painted. */
const THANKS_STAND_MS = 120

letThanksBeBrief(Number(process.env.BENCH_THANKS_MS ?? THANKS_STAND_MS))
