package io.sparkcam.data.idx;

/**
 * A file that its authors publish.
 *
 * @param bytes its length
 * @param sha256 of its bytes, in lower-case hexadecimal
 */
record PublishedFile(String name, long bytes, String sha256) {}
