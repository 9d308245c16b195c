/** Section `queue` of hall.json: the hall's queue system, by the contract of queue-system.openapi.json. */
import { OutsideSettings } from '../outside/settings.ts'

export const QueueSettings = OutsideSettings
export type QueueSettings = OutsideSettings
