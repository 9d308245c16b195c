/** How an applicant is named on screens and papers that others may see (DOMAIN.md §3): 张小雨 → 张*. */

/** Two-character surnames; one that is missing here shows a character less, which is the safe side. */
export const COMPOUND_SURNAMES: readonly string[] = [
  '欧阳',
  '上官',
  '司马',
  '诸葛',
  '司徒',
  '慕容',
  '令狐',
  '皇甫',
  '端木',
  '尉迟',
  '长孙',
  '公孙',
]

/** One star, however long the rest is: its length would tell as well. */
export function maskName(name: string): string {
  const compound = COMPOUND_SURNAMES.find(
    (surname) => name.startsWith(surname) && name.length > surname.length,
  )
  return `${compound ?? [...name][0] ?? ''}*`
}
