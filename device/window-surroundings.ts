/** What the window's listener asks of the rest of the pad: the hall's staff, items and cases, and the light outside. */
import type { HallClient } from '../sync/hall-client.ts'
import type { WindowOptions } from './http/window.ts'
import type { House } from './role.ts'
import { themeAt } from './surroundings.ts'

export const windowSurroundings = (
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
