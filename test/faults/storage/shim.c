/*
 * Loaded before libc into a process under test (LD_PRELOAD): counts its writes and syncs on files below
 * W24_FAULT_DIR, stops the whole process at the one that the rig names, and lets the one that the rig names fail.
 * The rig steers it through a file that both have mapped (W24_FAULT_CONTROL); its slots are those of shim.ts.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { WRITE = 1, SYNC = 2, TRUNCATE = 4, RENAME = 8, CREATE = 16, UNLINK = 32 };

/* In place of an errno: a disk that says yes and does nothing. For syncs. */
enum { SWALLOWED = -1 };

struct control {
  int64_t ops, syncs, stop_at_op, stop_after, stop_at_sync, stops;
  int64_t fail_kinds, matched, fail_at, fail_times, fail_errno, failed, short_first;
};

static struct control *control;
static char folder[4096];
static size_t folder_length;

__attribute__((constructor)) static void begin(void) {
  const char *dir = getenv("W24_FAULT_DIR");
  const char *file = getenv("W24_FAULT_CONTROL");
  if (dir == NULL || file == NULL) return;
  int fd = open(file, O_RDWR);
  if (fd < 0) abort();
  control = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  if (control == MAP_FAILED) abort();
  snprintf(folder, sizeof folder, "%s", dir);
  folder_length = strlen(folder);
}

static int watched_path(const char *path) {
  return control != NULL && folder_length > 0 && path != NULL && strncmp(path, folder, folder_length) == 0;
}

static int watched(int fd) {
  if (control == NULL || folder_length == 0) return 0;
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  return watched_path(path);
}

static void stop_here(void) {
  __atomic_add_fetch(&control->stops, 1, __ATOMIC_SEQ_CST);
  raise(SIGSTOP);
}

/* Gives the errno that this call is to fail with, or 0; stops before the call where the rig wants that. */
static int before(int kind, int *stops_after) {
  int64_t op = __atomic_add_fetch(&control->ops, 1, __ATOMIC_SEQ_CST);
  int64_t sync = kind == SYNC ? __atomic_add_fetch(&control->syncs, 1, __ATOMIC_SEQ_CST) : 0;
  int here = op == control->stop_at_op || (sync > 0 && sync == control->stop_at_sync);
  *stops_after = here && control->stop_after;
  if (here && !control->stop_after) stop_here();
  if ((control->fail_kinds & kind) == 0) return 0;
  int64_t nth = __atomic_add_fetch(&control->matched, 1, __ATOMIC_SEQ_CST);
  if (control->fail_at == 0 || nth < control->fail_at) return 0;
  if (control->fail_times >= 0 && nth >= control->fail_at + control->fail_times) return 0;
  __atomic_add_fetch(&control->failed, 1, __ATOMIC_SEQ_CST);
  return (int)control->fail_errno;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* Runs `call` unless it is to fail; errno outlives the stop. */
#define GUARDED(kind, is_watched, type, call)                                                                \
  do {                                                                                                       \
    int saved = errno;                                                                                       \
    if (!(is_watched)) return (errno = saved, call);                                                         \
    int after = 0;                                                                                           \
    int fault = before(kind, &after);                                                                        \
    if (fault == SWALLOWED) return 0;                                                                        \
    if (fault != 0) return (errno = fault, (type)-1);                                                        \
    errno = saved;                                                                                           \
    type result = call;                                                                                      \
    saved = errno;                                                                                           \
    if (after) stop_here();                                                                                  \
    errno = saved;                                                                                           \
    return result;                                                                                           \
  } while (0)

/* A disk that fills up takes the first sectors of a write and refuses the rest. */
#define SECTOR 512
static size_t taken(size_t count) { return count / 2 / SECTOR * SECTOR; }

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
  static __typeof__(&pwrite64) real;
  if (real == NULL) real = REAL(pwrite64);
  int saved = errno;
  if (!watched(fd)) return (errno = saved, real(fd, bytes, count, at));
  int after = 0;
  int fault = before(WRITE, &after);
  if (fault != 0) {
    if (control->short_first && taken(count) > 0) return real(fd, bytes, taken(count), at);
    return (errno = fault, -1);
  }
  errno = saved;
  ssize_t result = real(fd, bytes, count, at);
  saved = errno;
  if (after) stop_here();
  errno = saved;
  return result;
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) { return pwrite64(fd, bytes, count, at); }

ssize_t write(int fd, const void *bytes, size_t count) {
  static __typeof__(&write) real;
  if (real == NULL) real = REAL(write);
  GUARDED(WRITE, watched(fd), ssize_t, real(fd, bytes, count));
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  static __typeof__(&writev) real;
  if (real == NULL) real = REAL(writev);
  GUARDED(WRITE, watched(fd), ssize_t, real(fd, parts, count));
}

int fsync(int fd) {
  static __typeof__(&fsync) real;
  if (real == NULL) real = REAL(fsync);
  GUARDED(SYNC, watched(fd), int, real(fd));
}

int fdatasync(int fd) {
  static __typeof__(&fdatasync) real;
  if (real == NULL) real = REAL(fdatasync);
  GUARDED(SYNC, watched(fd), int, real(fd));
}

int ftruncate64(int fd, off64_t length) {
  static __typeof__(&ftruncate64) real;
  if (real == NULL) real = REAL(ftruncate64);
  GUARDED(TRUNCATE, watched(fd), int, real(fd, length));
}

int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

int rename(const char *from, const char *to) {
  static __typeof__(&rename) real;
  if (real == NULL) real = REAL(rename);
  GUARDED(RENAME, watched_path(to), int, real(from, to));
}

int unlink(const char *path) {
  static __typeof__(&unlink) real;
  if (real == NULL) real = REAL(unlink);
  GUARDED(UNLINK, watched_path(path), int, real(path));
}

static mode_t mode_of(int flags, va_list rest) { return (flags & O_CREAT) ? va_arg(rest, mode_t) : 0; }

int open64(const char *path, int flags, ...) {
  static __typeof__(&open64) real;
  if (real == NULL) real = REAL(open64);
  va_list rest;
  va_start(rest, flags);
  mode_t mode = mode_of(flags, rest);
  va_end(rest);
  GUARDED(CREATE, (flags & O_CREAT) && watched_path(path), int, real(path, flags, mode));
}

int open(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = mode_of(flags, rest);
  va_end(rest);
  return open64(path, flags, mode);
}
