/**
 * The Finder: one small application on every toolkit. {@code FileSearch} is what it does; each
 * other class is its window on one toolkit.
 */
@org.jspecify.annotations.NullMarked
package dev.lariat.examples.finder;
