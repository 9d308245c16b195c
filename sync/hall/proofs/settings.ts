/** Section `proofs` of hall.json: those who issue proofs here, each by the contract of proof-issuer.openapi.json. */
import { z } from 'zod'
import { Code } from '../../protocol/identifiers.ts'
import { oneToken, outsideShape } from '../outside/settings.ts'

/** Social insurance, housing fund, tax, real estate, civil affairs, …: a hall has a handful. */
const MAX_ISSUERS = 20

const IssuerSettings = z
  .strictObject({ ...outsideShape, name: Code })
  .refine(oneToken, { message: 'give either token or tokenFile' })

export const ProofSettings = z
  .array(IssuerSettings)
  .min(1)
  .max(MAX_ISSUERS)
  .refine((issuers) => new Set(issuers.map(({ name }) => name)).size === issuers.length, {
    message: 'each issuer needs a name of its own',
  })
export type ProofSettings = z.infer<typeof ProofSettings>
