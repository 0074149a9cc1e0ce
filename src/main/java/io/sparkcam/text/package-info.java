/**
 * Text as it is shown: masking of what others wrote, plain tables, spelling suggestions. JDK only.
 */
package io.sparkcam.text;
