import { describe, expect, test } from "vitest";
import { z } from "zod";
import { needsData } from "../support/needs.ts";
import { measured, measuredInput, readRows } from "./measured.ts";

describe("the language", () => {
  test.each([
    ["en", "The weather is fine today, and we are going to the lake with our friends."],
    ["de", "Das Wetter ist heute schön, und wir fahren mit unseren Freunden an den See."],
    ["fr", "Il fait beau aujourd'hui et nous allons au lac avec nos amis dans une voiture."],
    ["es", "Hoy hace buen tiempo y vamos al lago con los amigos que llegaron por la mañana."],
    ["it", "Oggi il tempo è bello e andiamo al lago con gli amici che sono arrivati da Roma."],
    ["pt", "Hoje o tempo está bom e nós vamos ao lago com os amigos que não são de São Paulo."],
    ["nl", "Het weer is mooi vandaag en we gaan met onze vrienden naar het meer dat dichtbij is."],
    ["sv", "Vädret är fint i dag och vi åker till sjön med våra vänner som inte har någon bil."],
    ["da", "Vejret er fint i dag, og vi tager af sted til søen med vores venner, som ikke har noget at lave."],
    ["no", "Været er fint i dag, og vi drar av sted til sjøen med vennene våre som ikke har noe å gjøre, bare meg."],
    ["fi", "Sää on tänään hyvä ja me menemme järvelle, koska se on lähellä mutta ei ole liian kylmä."],
    ["pl", "Pogoda jest dziś ładna i jedziemy nad jezioro, bo to nie jest daleko od domu, który się podoba."],
    ["cs", "Počasí je dnes hezké a jedeme k jezeru, protože to není daleko a byli jsme tam již se psem."],
    ["ro", "Vremea este frumoasă și mergem la lac cu prietenii care au venit din oraș pentru o zi."],
    ["hu", "Az idő ma szép, és a tóhoz megyünk, mert az nem messze van, de a víz még hideg."],
    ["tr", "Bugün hava çok güzel ve göle gidiyoruz, ama bu kadar uzak olan bir yer için daha erken."],
    ["id", "Hari ini cuaca bagus dan kami pergi ke danau dengan teman yang tidak bisa datang pada hari lain."],
    ["vi", "Hôm nay trời đẹp và chúng tôi đi đến hồ với những người bạn đã không có thời gian."],
    ["ru", "Сегодня хорошая погода, и мы едем на озеро, потому что это не так далеко от дома."],
    ["uk", "Сьогодні гарна погода, і ми їдемо на озеро, тому що це не так далеко від дому."],
    ["bg", "Днес времето е хубаво и ние отиваме на езерото, защото това не е далеч от дома."],
    ["el", "Σήμερα ο καιρός είναι καλός και πάμε στη λίμνη."],
    ["he", "מזג האוויר יפה היום ואנחנו נוסעים לאגם."],
    ["ar", "الطقس جميل اليوم ونحن ذاهبون إلى البحيرة مع الأصدقاء في هذا المساء."],
    ["fa", "امروز هوا خوب است و ما با دوستان به دریاچه می رویم که از خانه دور نیست."],
    ["hi", "आज मौसम अच्छा है और हम झील पर जा रहे हैं।"],
    ["th", "วันนี้อากาศดีและเรากำลังไปที่ทะเลสาบ"],
    ["ko", "오늘은 날씨가 좋아서 우리는 호수에 갑니다."],
    ["ja", "今日は天気がいいので、私たちは湖に行きます。"],
    ["zh", "今天天气很好，我们和朋友一起去湖边。"],
    ["other", "დღეს კარგი ამინდია და ტბაზე მივდივართ."],
  ])("%s is told in one sentence, of an answer and of an input", (language, text) => {
    expect(measured(text).language).toBe(language);
    expect(measuredInput(text).language).toBe(language);
  });

  test.each(["[No]", "17 + 4 = 21", "Seattle Portland Denver", "```py\nfor the in of: and\n```", ""])(
    "of %j cannot be told",
    (text) => {
      expect(measured(text).language).toBeNull();
    },
  );

  test("of real English answers is English, or null where there is hardly any prose", (context) => {
    const path = needsData(context, "llmdrift/sensitiveq.jsonl.gz");
    const found = readRows(path, z.object({ answer: z.string() })).map(({ answer }) => measured(answer).language);
    const english = found.filter((language) => language === "en").length / found.length;
    expect(english, `${english} of ${found.length}`).toBeGreaterThan(0.98);
    expect(found.filter((language) => language !== "en" && language !== null)).toEqual([]);
  });

  test("of requests in many languages is seldom null", (context) => {
    const path = needsData(context, "injection/injection.jsonl.gz");
    const rows = readRows(path, z.object({ text: z.string(), source: z.string() }));
    const found = rows
      .filter(({ source }) => source === "mitre_frr_ml")
      .map(({ text }) => measuredInput(text).language);
    expect(found.length).toBeGreaterThan(300);
    expect(found.filter((language) => language === null).length / found.length).toBeLessThan(0.05);
    expect(new Set(found).size).toBeGreaterThan(5);
  });
});
