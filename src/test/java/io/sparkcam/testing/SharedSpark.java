package io.sparkcam.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives a test class's constructors and methods the {@code SparkSession} or {@code
 * JavaSparkContext} that they ask for: one for the whole test run, with two task slots, which
 * starts a failed task again. Tests leave it as they found it and never stop it.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(SparkExtension.class)
public @interface SharedSpark {}
