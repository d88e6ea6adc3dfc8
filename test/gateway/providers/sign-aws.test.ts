import { describe, expect, test } from "vitest";
import type { UnsignedRequest } from "../../../gateway/providers/sign-aws.ts";
import { signAws } from "../../../gateway/providers/sign-aws.ts";

// Amazon's test suite of Signature Version 4.
const suite = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  sessionToken: null,
  region: "us-east-1",
  service: "service",
};
const vanilla: UnsignedRequest = {
  method: "GET",
  host: "example.amazonaws.com",
  path: "/",
  query: "",
  headers: {},
  body: Buffer.alloc(0),
  nowMs: Date.UTC(2015, 7, 30, 12, 36, 0),
};
const scope = "AKIDEXAMPLE/20150830/us-east-1/service/aws4_request";

describe("signAws", () => {
  test.each([
    {
      name: "get-vanilla",
      request: {},
      headers: "host;x-amz-date",
      signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    },
    {
      name: "post-vanilla",
      request: { method: "POST" },
      headers: "host;x-amz-date",
      signature: "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
    },
    {
      name: "get-vanilla-query-order-key-case",
      request: { query: "Param2=value2&Param1=value1" },
      headers: "host;x-amz-date",
      signature: "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
    },
    {
      name: "get-header-value-multiline, its values joined as they are sent",
      request: { headers: { "my-header1": "value1,value2,value3" } },
      headers: "host;my-header1;x-amz-date",
      signature: "ba17b383a53190154eb5fa66a1b836cc297cc0a3d70a5d00705980573d8ff790",
    },
    {
      name: "get-utf8, whose path is encoded once more than it is sent",
      request: { path: "/\u1234" },
      headers: "host;x-amz-date",
      signature: "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85",
    },
    {
      name: "post-x-www-form-urlencoded",
      request: {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: Buffer.from("Param1=value1"),
      },
      headers: "content-type;host;x-amz-date",
      signature: "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
    },
  ])("signs $name of the suite as the suite says", ({ request, headers, signature }) => {
    expect(signAws({ ...vanilla, ...request }, suite)).toEqual({
      "x-amz-date": "20150830T123600Z",
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=${headers}, Signature=${signature}`,
    });
  });

  test("sends and signs the token of a temporary key", () => {
    const signed = signAws(vanilla, { ...suite, sessionToken: "token" });
    expect(signed).toMatchObject({
      "x-amz-security-token": "token",
      authorization: expect.stringContaining("SignedHeaders=host;x-amz-date;x-amz-security-token"),
    });
  });
});
