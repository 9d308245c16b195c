/** The window's listener, and what it asks of the rest of the pad: the hall's staff, items and cases, the light outside. */
import type { HallClient } from '../sync/hall-client.ts'
import { startWindow, type WindowInterface, type WindowOptions } from './http/window.ts'
import type { Logger } from './log.ts'
import type { Pad } from './rating/pad.ts'
import { sealForRating } from './rating/sealing.ts'
import type { House } from './role.ts'
import { themeAt } from './surroundings.ts'

export interface WindowParts {
  pad: Pad
  client: HallClient
  pagesFolder: string
  logger: Logger
}

/**
 * Null for a pad without a window interface.
 * @throws DeviceError when the address cannot be listened on, or the certificate cannot be used
 */
export const openWindow = async (house: House, parts: WindowParts): Promise<WindowInterface | null> => {
  const { configuration, identity, db, onTrouble } = house
  if (configuration.window === undefined) return null
  return await startWindow({
    ...configuration.window,
    pad: parts.pad,
    db,
    window: configuration.device.window ?? '',
    enrolled: () => identity.deviceId !== null,
    sealUser: (user) => sealForRating(identity, { user }),
    ...windowSurroundings(house, parts.client),
    pagesFolder: parts.pagesFolder,
    logger: parts.logger,
    onTrouble,
  })
}

const windowSurroundings = (
  { content, settings, online }: House,
  client: Pick<HallClient, 'searchCases'>,
): Pick<
  WindowOptions,
  'theme' | 'hall' | 'staff' | 'hasPins' | 'isStaff' | 'pinHashOf' | 'guides' | 'itemOfCase'
> => ({
  theme: () => themeAt(new Date(), settings()),
  hall: content.hall,
  staff: content.staff,
  hasPins: content.hasStaffPins,
  isStaff: (staffId) => !content.has() || content.staff(staffId) !== null,
  pinHashOf: content.staffPin,
  guides: content.guides,
  async itemOfCase(caseNo) {
    if (!online()) return null
    const found = await client.searchCases({ by: 'receipt', value: caseNo })
    const one = found.ok ? found.value.cases.find((known) => known.caseNo === caseNo) : undefined
    return one === undefined ? null : { itemCode: one.itemCode, itemName: one.itemName }
  },
})
