/** What goes along with a proof: how whoever receives it asks the issuer whether it is one. */
import type { ProofSlip } from '../../documents/documents.ts'
import type { Preferences, TerminalView } from '../../http/contract.ts'

export const proofSlip = (
  { offer, title, verificationCode, verifyAddress, pages, madeAt }: Extract<TerminalView, { name: 'proof' }>,
  language: Preferences['language'],
): ProofSlip => ({
  language,
  title,
  titleEnglish: offer.titleEnglish,
  issuer: offer.issuer,
  issuerEnglish: offer.issuerEnglish,
  verificationCode,
  address: verifyAddress,
  pages,
  issuedAt: madeAt,
})
