/**
 * The Finder: one small application on every toolkit. {@code Finder} is what it does, by {@code
 * FileSearch}; each other class is its window on one toolkit.
 */
@org.jspecify.annotations.NullMarked
package dev.lariat.examples.finder;
