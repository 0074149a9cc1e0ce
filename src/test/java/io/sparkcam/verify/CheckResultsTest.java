package io.sparkcam.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sparkcam.table.PartFile;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.Serializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

class CheckResultsTest {
  private static CheckResults found(Check check, long... failing) {
    CheckResults tally = new CheckResults();
    for (long id : failing) {
      tally.examine(check);
      tally.fail(check, id, "id " + id);
    }
    return tally;
  }

  @Test
  void firstFailuresAreToldWhereverTheyWereFound() {
    CheckResults sum =
        found(Check.CAM, 9, 30, 7, 8)
            .add(found(Check.CAM, 20, 10, 5, 6))
            .add(found(Check.BOXES, 3));
    assertEquals(
        List.of(
            new VerificationReport.Result(
                "cam", Check.CAM.meaning(), 8, 8, List.of("id 5", "id 6", "id 7", "id 8", "id 9")),
            new VerificationReport.Result("boxes", Check.BOXES.meaning(), 1, 1, List.of("id 3"))),
        sum.results());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void bothSerializersCarryWhatTasksReturn(boolean kryo) {
    SparkConf conf = new SparkConf(false);
    Serializer serializer = kryo ? new KryoSerializer(conf) : new JavaSerializer(conf);
    CheckResults tally = found(Check.CAM, 4, 2);
    assertEquals(tally.results(), carried(serializer, tally).results());
    PartFile part = new PartFile("part-00000-7.parquet", 3, 99, "ab".repeat(32), 5, 7);
    assertEquals(part.toString(), carried(serializer, part).toString());
  }

  @SuppressWarnings("unchecked") // an object's class is one that it is of
  private static <T> T carried(Serializer serializer, T value) {
    ClassTag<T> tag = ClassTag$.MODULE$.apply((Class<T>) value.getClass());
    return serializer
        .newInstance()
        .deserialize(serializer.newInstance().serialize(value, tag), tag);
  }
}
