/**
 * Lariat on SWT's display thread. Start at {@link dev.lariat.swt.Swt}.
 *
 * <p>The module {@code org.eclipse.swt} has no classes; those are in a module per platform, which
 * is on the module path beside it. Both are automatic modules, so whoever reads one reads the
 * other.
 */
@org.jspecify.annotations.NullMarked
module dev.lariat.swt {
  requires static transitive org.jspecify;
  requires transitive dev.lariat.core;
  requires transitive org.eclipse.swt;

  exports dev.lariat.swt;
}
