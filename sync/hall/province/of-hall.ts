/** The reporter of a running hall server, as its hall.json says. */
import type { HallParts } from '../http/parts.ts'
import { type ProvinceReporter, startProvinceReporter } from './reporter.ts'

/**
 * Null where hall.json names no province: ratings wait in the store then, and go once it does. The section is read
 * when the server starts.
 * @throws HallError `configuration-invalid`
 */
export function provinceOf(parts: HallParts, dataDir: string): ProvinceReporter | null {
  const { store, clock, logger, caseSystem, configuration } = parts
  const settings = configuration.province
  if (settings === undefined) return null
  return startProvinceReporter({
    store,
    settings,
    dataDir,
    sources: {
      caseSystem,
      // Rotated while the server runs.
      get sealingKeys() {
        return parts.sealingKeys
      },
    },
    clock,
    logger,
  })
}
