/*
 * Lets the file system write out the data pages of files by itself, as it does at any moment before a power cut:
 * no metadata is committed and no order is kept. keep FILE…
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <unistd.h>

int main(int count, char **files) {
  for (int i = 1; i < count; i += 1) {
    int fd = open(files[i], O_RDONLY);
    if (fd < 0) continue;
    sync_file_range(fd, 0, 0,
                    SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER);
    close(fd);
  }
  return 0;
}
