/** The Finder on GTK 4. */
@org.jspecify.annotations.NullMarked
package dev.lariat.examples.finder;
