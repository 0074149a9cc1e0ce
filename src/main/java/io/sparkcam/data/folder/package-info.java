/**
 * Image files in directories. {@link io.sparkcam.data.folder.FolderFormat} is the way in, {@code
 * FolderLayout} says which directories are parts and which are classes.
 */
package io.sparkcam.data.folder;
