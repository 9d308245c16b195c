/** Section `caseSystem` of hall.json: the hall's case system, by the contract of case-system.openapi.json. */
import { OutsideSettings } from '../outside/settings.ts'

export const CaseSystemSettings = OutsideSettings
export type CaseSystemSettings = OutsideSettings
