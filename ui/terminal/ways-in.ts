import type { Tile } from '../../device/http/contract.ts'

/** Whether a card or a code laid down now would lead anywhere, as far as the tiles tell. */
export function cardAndCode(tiles: Tile[]): { card: boolean; code: boolean } {
  const open = (service: Tile['service']) =>
    tiles.some((tile) => tile.service === service && tile.unavailable === null)
  return { card: open('my-papers'), code: open('pickup') || open('progress') }
}
