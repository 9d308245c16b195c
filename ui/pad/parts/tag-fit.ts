/** How the labels lie on their page. Depends on the room and on how many there are, never on what they say. */

export interface TagFit {
  columns: number
  rows: number
  pages: number
}

export interface TagRoom {
  width: number
  height: number
  gap: number
  /** Least height of a tag: a target to touch that holds two lines of text. */
  rowHeight: number
  /** Least width in which the longest label takes two lines. */
  columnWidth: number
}

const MOST_COLUMNS = 2

/** All lengths in pixels. The labels are spread evenly: 8 on two pages are 4 and 4. */
export function fitTags(count: number, room: TagRoom): TagFit {
  const along = (length: number, item: number) =>
    Math.max(1, Math.floor((length + room.gap) / (item + room.gap)))
  const columns = Math.min(MOST_COLUMNS, along(room.width, room.columnWidth))
  const mostRows = along(room.height, room.rowHeight)
  const allRows = Math.max(1, Math.ceil(count / columns))
  const pages = Math.ceil(allRows / mostRows)
  return { columns, rows: Math.ceil(allRows / pages), pages }
}
