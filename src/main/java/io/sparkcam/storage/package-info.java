/**
 * File systems: files that appear whole or not at all, digests, names that stay in their directory.
 * Knows nothing of what the files hold.
 */
package io.sparkcam.storage;
