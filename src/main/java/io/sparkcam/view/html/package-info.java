/**
 * A run as one HTML page that needs nothing else: no script, no other file, no network. Callers
 * hand in a {@link io.sparkcam.view.html.RunReport}; what the page says and how it says it lies in
 * the templates beside this package, values escaped by JMustache. Same content, same bytes.
 */
package io.sparkcam.view.html;
