/** `window24 …` as a forked child of a bench. */
import { main } from '../../../scripts/window24.ts'

await main(process.argv.slice(2))
