// Marks what a shared libibid_searcher.so or libibid_indexer.so shows to programs that link it.
// Everything else is hidden (-fvisibility=hidden). No effect in static libraries.
#ifndef IBID_EXPORT_H_
#define IBID_EXPORT_H_

#if defined(__GNUC__)
#define IBID_EXPORT __attribute__((visibility("default")))
#else
#define IBID_EXPORT
#endif

#endif  // IBID_EXPORT_H_
